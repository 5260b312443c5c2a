"""People and staff do anything in any order, while the bot is killed and Telegram fails; then the rules are checked."""
