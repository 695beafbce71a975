"""The network: BERT in plain torch, and the reading of its checkpoints."""
