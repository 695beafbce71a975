"""Text in, numbers out: the tokenizer, the engine and the loading of both."""
