"""What a notebook shows as a page: title, tiles, tables, charts, notes, and the marks by which a run is read again."""
