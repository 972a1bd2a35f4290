"""One small module per family of the API: ``load`` gives a frame, ``get`` one row, writes give a plan."""
