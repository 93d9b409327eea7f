using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.LocalPostgres.Tests;

public sealed class ExecutablesTests
{
    [Fact]
    public void A_program_counts_by_what_its_link_leads_to()
    {
        var folder = Directory.CreateTempSubdirectory("executables-");
        var program = Path.Combine(folder.FullName, "initdb");
        var link = Path.Combine(folder.FullName, "link");
        File.WriteAllText(program, "#!/bin/sh");
        File.CreateSymbolicLink(link, program);
        Executables.IsExecutable(link).ShouldBeFalse("nobody may execute it");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Executables.IsExecutable(link).ShouldBeTrue();
        File.Delete(program);
        Executables.IsExecutable(link).ShouldBeFalse("its package was removed");
        folder.Delete(recursive: true);
    }
}
