namespace Commerce.Streaming.Conventions.Tests;

public sealed class ProjectTests
{
    [Fact]
    public void Every_project_is_in_the_solution() =>
        ProjectRules.OutsideSolution(Repository.Current).ShouldHold("Run: dotnet sln add PATH");

    [Fact]
    public void A_project_outside_the_solution_is_found() => ProjectRules.OutsideSolution(Repository.Of(
        ("Commerce.Streaming.sln", """Project("{F}") = "In", "shared\In\In.csproj", "{1}" """),
        ("shared/In/In.csproj", ""),
        ("shared/Out/Out.csproj", ""))).ShouldFind("shared/Out/Out.csproj");

    [Fact]
    public void A_project_is_named_after_its_place() =>
        ProjectRules.Misnamed(Repository.Current).ShouldHold("Name it Commerce.Streaming.<Thing>.csproj; below tests, Commerce.Streaming.<Thing>.Tests.csproj in <Thing>.Tests");

    [Fact]
    public void A_misnamed_project_is_found() => ProjectRules.Misnamed(Repository.Of(
        ("shared/Money/Commerce.Streaming.Money.csproj", ""),
        ("shared/Money/Money.csproj", ""),
        ("tests/Money.Tests/Commerce.Streaming.MoneyTests.csproj", ""))).ShouldFind("shared/Money/Money.csproj", "MoneyTests");

    [Fact]
    public void References_point_one_way() => ProjectRules.WrongWayReferences(Repository.Current).ShouldHold(
        "shared refers to shared; a service to shared; local to shared and local; tests to anything. Share an event or a library named for the concept instead");

    [Theory]
    [InlineData("shared/A/A.csproj", "../../services/b/B.csproj")]
    [InlineData("shared/A/A.csproj", "../../local/B/B.csproj")]
    [InlineData("services/a/A.csproj", "../b/B.csproj")]
    [InlineData("services/a/A.csproj", "..\\..\\local\\B\\B.csproj")]
    [InlineData("local/A/A.csproj", "../../services/b/B.csproj")]
    [InlineData("local/A/A.csproj", "../../tests/B/B.csproj")]
    public void A_reference_the_wrong_way_is_found(string from, string to) =>
        ProjectRules.WrongWayReferences(Repository.Of((from, $"""<ProjectReference Include="{to}" />"""))).ShouldFind(from);

    [Theory]
    [InlineData("shared/A/A.csproj", "../B/B.csproj")]
    [InlineData("services/a/A.csproj", "../../shared/B/B.csproj")]
    [InlineData("local/A/A.csproj", "../B/B.csproj")]
    [InlineData("tests/A.Tests/A.Tests.csproj", "../../services/b/B.csproj")]
    public void A_reference_the_right_way_passes(string from, string to) =>
        ProjectRules.WrongWayReferences(Repository.Of((from, $"""<ProjectReference Include="{to}" />"""))).ShouldBeEmpty();

    [Fact]
    public void Package_versions_stand_in_one_file() => ProjectRules.ScatteredVersions(Repository.Current).ShouldHold(
        "Put the version into Directory.Packages.props, exact, and leave the reference without one");

    [Theory]
    [InlineData("""<PackageReference Include="Dapper" Version="2.0.0" />""")]
    [InlineData("""<PackageReference Include="Dapper" VersionOverride="2.0.0" />""")]
    [InlineData("""<PackageVersion Include="Dapper" Version="2.0.0" />""")]
    public void A_version_elsewhere_is_found(string line) =>
        ProjectRules.ScatteredVersions(Repository.Of(("shared/A/A.csproj", line))).ShouldFind("Dapper");

    [Theory]
    [InlineData("[1.0,2.0)")]
    [InlineData("1.*")]
    public void A_version_that_is_not_exact_is_found(string version) => ProjectRules.ScatteredVersions(Repository.Of(
        ("Directory.Packages.props", $"""<PackageVersion Include="Dapper" Version="{version}" />"""))).ShouldFind("Dapper");

    [Fact]
    public void Tests_start_the_images_that_compose_runs() => ProjectRules.OtherImages(Repository.Current).ShouldHold(
        "Give tests/Testing/Containers/ContainerImages.cs the version of docker-compose.yml");

    [Fact]
    public void Another_image_is_found() => ProjectRules.OtherImages(Repository.Of(
        ("docker-compose.yml", "services:\n  a:\n    image: redis:7\n  b:\n    image: shop/x:${VERSION}\n"),
        ("tests/T/ContainerImages.cs", "public const string A = \"redis:8\"; public const string B = \"other/b:1\";"))).ShouldFind("redis:8");
}
