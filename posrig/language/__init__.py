"""The language of scenarios. For a lab's own sentences: ``from posrig.language import given, when, then``.

Values of sentences (``Role``, ``Key``, ``State``) are in ``posrig.language.parameters``, the terminal that a step gets
by its argument ``terminal`` is a ``posrig.terminal.terminal.Terminal``.
"""

from posrig.language.decorators import given, then, when

__all__ = ["given", "then", "when"]
