"""The pages, a module per group; each has a table `PAGES`."""
