"""Claims over whatever hypothesis can think of."""
