"""Backup and restore: a copy of the database in one file, and what has to be thought of before a copy goes to work."""
