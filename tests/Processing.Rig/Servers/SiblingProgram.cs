using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Processing.Rig.Servers;

/// <summary>A program that was built beside this one, run with this one's dependencies: its own list may leave out what a framework brings.</summary>
internal static class SiblingProgram
{
    public static ChildCommand Of(string assembly, params string[] arguments) =>
        new("dotnet", ["exec", "--depsfile", Beside(Own + ".deps.json"), "--runtimeconfig", Beside(Own + ".runtimeconfig.json"), Beside(assembly + ".dll"), .. arguments]);

    private static string Own => typeof(SiblingProgram).Assembly.GetName().Name!;

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
