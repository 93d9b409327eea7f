namespace Commerce.Streaming.Conventions.Tests;

public sealed class SourceTests
{
    [Fact]
    public void Source_files_stay_short() => SourceRules.TooLong(Repository.Current).ShouldHold(
        $"A file of more than {SourceRules.MaxLines} lines holds more than one idea: give each its own");

    [Fact]
    public void A_long_file_is_found() => SourceRules.TooLong(Repository.Of(
        ("shared/A/Short.cs", Lines(SourceRules.MaxLines)),
        ("shared/A/Long.cs", Lines(SourceRules.MaxLines + 1)),
        ("shared/A/Long.g.cs", Lines(SourceRules.MaxLines + 1)))).ShouldFind("Long.cs: 401 lines");

    [Fact]
    public void Banned_words_are_absent() => SourceRules.BannedWords(Repository.Current).ShouldHold(
        "Finish it, or take it out; time comes from TimeProvider or from the event");

    [Theory]
    [InlineData("// TO" + "DO: later")]
    [InlineData("// FIX" + "ME")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    [InlineData("// good enough for" + " now")]
    [InlineData("var t = DateTime." + "UtcNow;")]
    [InlineData("var t = DateTimeOffset." + "Now;")]
    [InlineData("Thread." + "Sleep(5);")]
    public void A_banned_word_is_found(string line) => SourceRules.BannedWords(Repository.Of(("shared/A/A.cs", "// fine\n" + line))).ShouldFind("A.cs:2");

    [Theory]
    [InlineData("// the mastodon is not a to-do")]
    [InlineData("var for nowhere = 1;")]
    public void A_word_that_only_looks_like_one_passes(string line) => SourceRules.BannedWords(Repository.Of(("shared/A/A.cs", line))).ShouldBeEmpty();

    [Fact]
    public void There_are_no_regions() => SourceRules.Regions(Repository.Current).ShouldHold("What needs a fold needs a file");

    [Fact]
    public void A_region_is_found() => SourceRules.Regions(Repository.Of(("shared/A/A.cs", "  #" + "region Fields"))).ShouldFind("A.cs:1");

    [Fact]
    public void Domain_knows_no_infrastructure() => SourceRules.ImpureDomain(Repository.Current).ShouldHold(
        "Domain/ holds records and pure functions (state, event, now) → (state, outputs): move what talks to the outside to an adapter");

    [Theory]
    [InlineData("using Confluent.Kafka;")]
    [InlineData("using Npgsql;")]
    [InlineData("using StackExchange.Redis;")]
    [InlineData("private readonly Microsoft.Extensions.Logging.ILogger _log;")]
    [InlineData("using Microsoft.Extensions.Hosting;")]
    [InlineData("using System.Net.Http;")]
    public void An_impure_domain_is_found(string line) => SourceRules.ImpureDomain(Repository.Of(
        ("services/a/Domain/Rule.cs", line),
        ("services/a/Adapters/Store.cs", line))).ShouldFind("services/a/Domain/Rule.cs");

    [Fact]
    public void Projects_and_folders_are_named_for_what_they_hold() => SourceRules.VagueNames(Repository.Current).ShouldHold(
        "A name like that attracts everything: name it for the concept");

    [Theory]
    [InlineData("shared/Common/A.cs", "Common")]
    [InlineData("services/a/Helpers/A.cs", "Helpers")]
    [InlineData("shared/Core/Commerce.Streaming.Core.csproj", "Core")]
    [InlineData("services/a/Infrastructure/A.cs", "Infrastructure")]
    [InlineData("shared/utils/A.cs", "utils")]
    public void A_vague_name_is_found(string path, string name) => SourceRules.VagueNames(Repository.Of((path, ""))).ShouldFind(name);

    [Fact]
    public void Only_known_files_lie_at_the_root() => SourceRules.StrayRootFiles(Repository.Current).ShouldHold(
        "Keep notes and plans outside; a new kind of root file goes onto the list in SourceRules");

    [Fact]
    public void A_stray_root_file_is_found() => SourceRules.StrayRootFiles(Repository.Of(("README.md", ""), ("PLAN.md", ""), ("docs/plan.md", ""))).ShouldFind("PLAN.md");

    private static string Lines(int count) => string.Concat(Enumerable.Repeat(";\n", count));
}
