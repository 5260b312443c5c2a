"""What the office may learn from what people asked, without learning who asked it."""
