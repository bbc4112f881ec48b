"""What is installed."""


def has_accelerator():
    return False
