"""A small engine of ours: its classes do what real ones do, the bad ones included."""

LANDMARK = True
