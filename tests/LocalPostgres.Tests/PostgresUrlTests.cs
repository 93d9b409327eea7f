using Npgsql;

namespace Commerce.Streaming.LocalPostgres.Tests;

public sealed class PostgresUrlTests
{
    [Theory]
    [InlineData("postgresql://u:p@h:1/d", "u", "p", "h", 1, "d")]
    [InlineData("postgres://u@h", "u", null, "h", 5432, "u")]
    [InlineData("postgresql://u%40x:p%2Fq@h/d", "u@x", "p/q", "h", 5432, "d")]
    public void Parts_are_those_of_libpq(string text, string user, string? password, string host, int port, string database) =>
        PostgresUrl.Parse(text).ShouldBe(new PostgresUrl(user, password, host, port, database));

    [Fact]
    public void Query_reaches_npgsql()
    {
        var builder = new NpgsqlConnectionStringBuilder(
            PostgresUrl.Parse("postgresql://u:p@h/d?sslmode=verify-full&options=-csearch_path%3Dwarehouse").ToConnectionString());
        builder.SslMode.ShouldBe(SslMode.VerifyFull);
        builder.Options.ShouldBe("-csearch_path=warehouse");
    }

    [Theory]
    [InlineData("postgresql://u%40x:p%2Fq@h:1/d?sslmode=disable")]
    public void Text_form_parses_to_the_same(string text) => PostgresUrl.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("Host=h;Username=u")]
    [InlineData("mysql://u@h/d")]
    public void Anything_else_is_refused_with_an_example(string text) =>
        Should.Throw<FormatException>(() => PostgresUrl.Parse(text)).Message.ShouldContain("postgresql://");

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 19beta1", 19)]
    [InlineData("", null)]
    public void Major_version_is_read_from_the_version_line(string line, int? major) => PostgresBinaries.ParseMajor(line).ShouldBe(major);
}
