"""What the evaluation looks like: its words, its chart over time, its files. The numbers come from `bot.insight`."""
