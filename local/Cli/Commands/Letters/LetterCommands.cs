using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>`commerce dlq …`.</summary>
internal static class LetterCommands
{
    public static void Add(IConfigurator<CommandSettings> dlq)
    {
        dlq.SetDescription("Dead letters: see what waits, give it back to its pipeline in order, or pass over it. KAFKA_BOOTSTRAP and SCHEMA_REGISTRY_URL name another platform than the local one.");
        dlq.AddCommand<ListLettersCommand>("list")
            .WithDescription("Show what waits, by pipeline, or the waiting keys of one pipeline, oldest first.")
            .WithExample("dlq", "list")
            .WithExample("dlq", "list", "inventory-sync.ledger", "--reason", "handler");
        dlq.AddCommand<ShowLettersCommand>("show")
            .WithDescription("Print waiting letters in their order, one JSON line each; values are opened with the sealing key, as by `unseal`.")
            .WithExample("dlq", "show", "inventory-sync.ledger", "--key", "sample-shop/SKU-1");
        dlq.AddCommand<ReplayLettersCommand>("replay")
            .WithDescription(
                "Give waiting letters back to their pipeline, in the order of each key, and wait for what becomes of them. A letter is done once, "
                + "however often it is given back. Exit code 1 when something still waits.")
            .WithExample("dlq", "replay", "inventory-sync.ledger", "--dry-run")
            .WithExample("dlq", "replay", "inventory-sync.ledger", "--key", "sample-shop/SKU-1");
        dlq.AddCommand<SkipLettersCommand>("skip")
            .WithDescription("Pass over the letter whose turn it is: what it said is lost, the ones behind it go on.")
            .WithExample("dlq", "skip", "inventory-sync.ledger", "--key", "sample-shop/SKU-1");
    }
}
