using Commerce.Streaming.Cli.CommandLine;

return await CommerceApp.RunAsync(args);
