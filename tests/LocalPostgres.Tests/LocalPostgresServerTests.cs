using Commerce.Streaming.LocalProcess;
using Npgsql;

namespace Commerce.Streaming.LocalPostgres.Tests;

public sealed class LocalPostgresServerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Reporting_role_reads_unqualified_what_the_owner_makes_later_and_writes_nothing()
    {
        await using var owner = NpgsqlDataSource.Create(postgres.Server.ConnectionString);
        await using var reporting = NpgsqlDataSource.Create(PostgresUrl.Parse(postgres.Server.ReportingUrl).ToConnectionString());

        await ExecuteAsync(owner, "CREATE TABLE warehouse.made_later AS SELECT 42 AS answer");

        await using var select = reporting.CreateCommand("SELECT answer FROM made_later");
        (await select.ExecuteScalarAsync()).ShouldBe(42);
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(reporting, "INSERT INTO made_later VALUES (1)")))
            .SqlState.ShouldBeOneOf(PostgresErrorCodes.ReadOnlySqlTransaction, PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(reporting, "BEGIN READ WRITE; DELETE FROM made_later")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Owner_is_no_superuser()
    {
        await using var owner = NpgsqlDataSource.Create(postgres.Server.ConnectionString);
        await using var command = owner.CreateCommand("SELECT rolsuper FROM pg_roles WHERE rolname = current_user");
        (await command.ExecuteScalarAsync()).ShouldBe(false);
    }

    [Fact]
    public async Task Wrong_password_is_refused()
    {
        var wrong = PostgresUrl.Parse(postgres.Server.Url) with { Password = "wrong" };
        await using var source = NpgsqlDataSource.Create(wrong.ToConnectionString());
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(source, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task External_server_gets_the_reporting_role_when_rights_allow_and_lists_what_is_missing_when_not()
    {
        var owner = PostgresUrl.Parse(postgres.Server.Url);
        var refused = await PostgresRoles.EnsureExternalAsync(owner, "anotherPassword", TestContext.Current.CancellationToken);
        refused.ShouldContain(statement => statement.StartsWith("ALTER ROLE commerce_reporting LOGIN PASSWORD"));
        refused.ShouldNotContain(statement => statement.StartsWith("CREATE SCHEMA"));
    }

    [Fact]
    public async Task External_server_with_rights_gets_everything()
    {
        var admin = new NpgsqlConnectionStringBuilder(postgres.Server.AdminConnectionString);
        var url = new PostgresUrl(admin.Username!, admin.Password, admin.Host!, admin.Port, admin.Database!);
        var password = PostgresUrl.Parse(postgres.Server.ReportingUrl).Password!;
        (await PostgresRoles.EnsureExternalAsync(url, password, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await PostgresRoles.CanLogInAsync(url, password, TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await PostgresRoles.CanLogInAsync(url, "wrong", TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task Data_that_stay_survive_a_stop_and_are_not_readable_by_others()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"commerce-postgres-test-{Guid.NewGuid():N}");
        var options = new LocalPostgresOptions
        {
            DataDirectory = folder,
            Throwaway = false,
            Passwords = PostgresPasswords.Generate(),
            LogFile = folder + ".log",
        };
        try
        {
            await using (var first = await LocalPostgresServer.StartAsync(options, TestContext.Current.CancellationToken))
            {
                await using var source = NpgsqlDataSource.Create(first.ConnectionString);
                await ExecuteAsync(source, "CREATE TABLE warehouse.kept AS SELECT 1 AS one");
            }
            File.ReadAllText(options.LogFile).ShouldContain("database system is shut down");
            await using var second = await LocalPostgresServer.StartAsync(options, TestContext.Current.CancellationToken);
            await using var again = NpgsqlDataSource.Create(second.ConnectionString);
            await ExecuteAsync(again, "INSERT INTO warehouse.kept VALUES (2)");
            File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        finally
        {
            PostgresPlacement.Delete(folder);
            File.Delete(options.LogFile);
        }
    }

    [Fact]
    public void Folder_that_the_postgres_account_cannot_enter_is_replaced_when_we_are_root()
    {
        Assert.SkipUnless(Posix.IsRoot, "only root runs PostgreSQL as another account");
        var closed = Directory.CreateTempSubdirectory("commerce-closed-");
        try
        {
            File.SetUnixFileMode(closed.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var wanted = Path.Combine(closed.FullName, "postgres");
            var placement = PostgresPlacement.Resolve(wanted);
            placement.IsElsewhere.ShouldBeTrue();
            placement.Directory.ShouldStartWith("/var/lib/commerce-streaming/");

            placement.Create(wanted);
            new DirectoryInfo(wanted).LinkTarget.ShouldBe(placement.Directory);
            PostgresPlacement.Delete(wanted);
            Path.Exists(wanted).ShouldBeFalse();
            Directory.Exists(placement.Directory).ShouldBeFalse();
            PostgresPlacement.Delete(wanted);
        }
        finally
        {
            closed.Delete(recursive: true);
        }
    }

    [Fact]
    public void Data_stay_with_the_account_that_they_were_made_for()
    {
        Assert.SkipUnless(Posix.IsRoot, "only root runs PostgreSQL as another account");
        Assert.SkipUnless(OsAccount.Find("postgres") is not null && OsAccount.Find("nobody") is not null, "needs the accounts postgres and nobody");
        var open = Directory.CreateTempSubdirectory("commerce-open-");
        try
        {
            File.SetUnixFileMode(open.FullName, (UnixFileMode)0b111_101_101);
            var wanted = Path.Combine(open.FullName, "postgres");
            PostgresPlacement.Resolve(wanted).Account!.Name.ShouldBe("postgres");
            // Made before the package brought its own account.
            new PostgresPlacement(wanted, OsAccount.Find("nobody")).Create(wanted);
            PostgresPlacement.Resolve(wanted).Account!.Name.ShouldBe("nobody");
        }
        finally
        {
            open.Delete(recursive: true);
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string statement)
    {
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
