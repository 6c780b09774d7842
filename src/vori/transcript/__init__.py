"""Sound becomes words: voice activity, streaming recognition, utterances."""
