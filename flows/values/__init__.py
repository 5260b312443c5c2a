"""Reading what people write instead of pressing a button: numbers, dates, times, weekdays, yes and no."""
