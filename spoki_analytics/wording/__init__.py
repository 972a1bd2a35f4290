"""What people read: numbers and dates, names of strangers, what is masked, and the sentences themselves."""
