"""Which documents are copies of one another: keys to compare by, and the reduces that group them."""
