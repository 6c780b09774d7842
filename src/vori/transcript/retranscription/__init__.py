"""An ended meeting heard once more, by another model, from its recording; beside the transcript until accepted."""
