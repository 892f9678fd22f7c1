"""Documents about data, models and operation, and whether anything is written under their headings."""
