"""``lifelint completion``."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the shell code that completes lifelint's commands.

    \b
    lifelint completion bash > ~/.local/share/bash-completion/completions/lifelint
    lifelint completion zsh > "${fpath[1]}/_lifelint"
    lifelint completion fish > ~/.config/fish/completions/lifelint.fish
    """
    from click.shell_completion import get_completion_class

    from lifelint.cli import group

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(group, {}, "lifelint", "_LIFELINT_COMPLETE").source())
