"""What templates show, as plain values. A model is built from what queries return, and reads no store."""
