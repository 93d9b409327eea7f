using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.ServiceDefaults.Tests;

public sealed class ApiAccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/stock", null, HttpStatusCode.Unauthorized, "missing_api_key")]
    [InlineData("/stock", "Basic cmVhZGVyOg==", HttpStatusCode.Unauthorized, "missing_api_key")]
    [InlineData("/stock", "Bearer stranger", HttpStatusCode.Unauthorized, "unknown_api_key")]
    [InlineData("/stock", "Bearer writer-key", HttpStatusCode.Forbidden, "insufficient_scope")]
    [InlineData("/stock", "Bearer reader-key", HttpStatusCode.OK, null)]
    [InlineData("/stock", "bearer  reader-key", HttpStatusCode.OK, null)]
    [InlineData("/stock", "Bearer all-key", HttpStatusCode.OK, null)]
    [InlineData("/unmarked", "Bearer reader-key", HttpStatusCode.Forbidden, "insufficient_scope")]
    [InlineData("/unmarked", "Bearer all-key", HttpStatusCode.OK, null)]
    [InlineData("/public", null, HttpStatusCode.OK, null)]
    [InlineData("/health/live", null, HttpStatusCode.OK, null)]
    [InlineData("/health/ready", null, HttpStatusCode.OK, null)]
    [InlineData("/nowhere", null, HttpStatusCode.NotFound, null)]
    public async Task A_call_needs_a_key_with_the_scope_of_what_it_calls(string path, string? authorization, HttpStatusCode status, string? reason)
    {
        await using var app = await StartAsync(Keys);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        if (authorization is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await client.GetAsync(path, Token);
        answer.StatusCode.ShouldBe(status);
        if (reason is null)
            return;
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        problem.RootElement.GetProperty("reason").GetString().ShouldBe(reason);
    }

    [Fact]
    public async Task Off_is_off_and_says_so()
    {
        var log = new RecordedLog();
        await using var app = await StartAsync(new() { ["ApiAccess:Required"] = "false" }, log);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        (await client.GetAsync("/stock", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        log.Lines.ShouldContain(line => line.Contains("everybody who reaches this port"));
    }

    [Fact]
    public void Without_keys_the_process_does_not_start_unless_it_is_told_that_none_are_needed()
    {
        Faults(new ApiAccessOptions()).ShouldHaveSingleItem().ShouldContain("ApiAccess__Required=false");
        Faults(new ApiAccessOptions { Required = false }).ShouldBeEmpty();
        Faults(new ApiAccessOptions { Keys = { ["shop"] = new ApiKeyOptions { Sha256 = "the key itself" } } }).Count.ShouldBe(2);
    }

    private static List<string> Faults(ApiAccessOptions options) => [.. options.Validate(new ValidationContext(options)).Select(each => each.ErrorMessage!)];

    private static Dictionary<string, string?> Keys => new()
    {
        ["ApiAccess:Keys:reader:Sha256"] = Hash("reader-key"),
        ["ApiAccess:Keys:reader:Scopes:0"] = "stock:read",
        ["ApiAccess:Keys:writer:Sha256"] = Hash("writer-key").ToUpperInvariant(),
        ["ApiAccess:Keys:writer:Scopes:0"] = "stock:write",
        ["ApiAccess:Keys:all:Sha256"] = Hash("all-key"),
        ["ApiAccess:Keys:all:Scopes:0"] = "*",
    };

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings, RecordedLog? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults("test");
        builder.Configuration.AddInMemoryCollection(settings);
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.AddApiAccess();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGet("/stock", () => "1").RequireScope("stock:read");
        app.MapGet("/unmarked", () => "1");
        app.MapGet("/public", () => "1").OpenToAll();
        await app.StartAsync(Token);
        return app;
    }
}
