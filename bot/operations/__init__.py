"""What whoever runs the bot can see of it: logs, figures, whether it is well. Knows no other room of the bot."""
