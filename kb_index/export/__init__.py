"""Turning a sentence-transformers model into the int8 ONNX folder that serving reads (needs torch)."""
