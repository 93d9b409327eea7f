using Commerce.Streaming.Cli.CommandLine;

namespace Commerce.Streaming.Cli.Tests.Letters;

/// <summary>What an operator does with dead letters, from the first look to the last letter: every `dlq` command, and `unseal`.</summary>
internal static class LetterStory
{
    public static async Task RunAsync(LetterScene scene)
    {
        var repair = await scene.BreakAsync();
        var waiting = await scene.WaitingAsync((LetterScene.Unreadable, 2), (LetterScene.Unknown, 1));
        waiting.ShouldAllBe(key => (string)key["reason"]! == "deserialization");
        await LookAsync(scene);

        // Nothing has been repaired: what is tried fails again and keeps its place.
        var again = await scene.DlqAsync("replay", LetterScene.Pipeline);
        again.ExitCode.ShouldBe(ExitCodes.Failure, again.Error);
        again.Output.ShouldContain("0 letters done, 0 keys or letters free, 2 still wait.");
        (await scene.WaitingAsync((LetterScene.Unreadable, 2), (LetterScene.Unknown, 1))).ShouldAllBe(key => (int)key["attempts"]! == 2);

        await repair();
        var repaired = await scene.DlqAsync("replay", LetterScene.Pipeline, "--key", LetterScene.Unknown);
        repaired.ShouldSucceed();
        repaired.Output.ShouldContain("1 letters done, 1 keys or letters free, 0 still wait.");

        var skipped = await scene.DlqAsync("skip", LetterScene.Pipeline, "--key", LetterScene.Unreadable);
        skipped.ShouldSucceed();
        skipped.Output.ShouldContain("passed over letter 1 of 2");
        await scene.WaitingAsync((LetterScene.Unreadable, 1));
        (await scene.DlqAsync("replay", LetterScene.Pipeline)).ShouldSucceed();

        var rest = await scene.DlqAsync("list", LetterScene.Pipeline);
        rest.ShouldSucceed();
        rest.Output.ShouldContain("Nothing waits.");
        (await scene.OnHandAsync(LetterScene.Unreadable)).ShouldBe(5);
        (await scene.OnHandAsync(LetterScene.Unknown)).ShouldBe(7);
    }

    /// <summary>Looking changes nothing.</summary>
    private static async Task LookAsync(LetterScene scene)
    {
        var all = await scene.DlqAsync("list");
        all.ShouldSucceed();
        all.Output.ShouldContain(LetterScene.Pipeline);

        var shown = await scene.DlqAsync("show", LetterScene.Pipeline, "--key", LetterScene.Unreadable);
        shown.ShouldSucceed();
        var letters = LetterScene.Lines(shown);
        letters.Select(letter => (string)letter["Reason"]!).ShouldBe(["deserialization", "parked"]);
        ((string)letters[1]["Value"]!["sku"]!).ShouldBe("A");

        var rehearsed = await scene.DlqAsync("replay", LetterScene.Pipeline, "--dry-run");
        rehearsed.ShouldSucceed();
        rehearsed.Output.ShouldContain("3 letters would be given back, 2 of them cannot be read. Nothing was changed.");

        var opened = await scene.RunAsync("unseal", "--topic", $"commerce.{LetterScene.Pipeline}.dlq.v1");
        opened.ShouldSucceed();
        LetterScene.Lines(opened).Select(letter => (string)letter["Value"]!).ShouldContain(Convert.ToBase64String("garbage"u8));

        (await scene.DlqAsync("list", "warehouse.sink")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await scene.DlqAsync("skip", LetterScene.Pipeline, "--key", "shop/nobody")).ExitCode.ShouldBe(ExitCodes.Failure);
    }
}
