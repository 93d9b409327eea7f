using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Privacy.Tests;

public sealed class PrivacyOptionsTests
{
    private static readonly string Good = Convert.ToBase64String(new byte[32]);

    [Fact]
    public void All_faults_are_reported_together_with_the_remedy()
    {
        var options = new PrivacyOptions { PseudonymKey = "short", SealingKey = "", FormerSealingKeys = ["x"] };
        var results = options.Validate(new ValidationContext(options)).ToList();
        results.Count.ShouldBe(3);
        results.ShouldAllBe(result => result.ErrorMessage!.Contains("openssl rand -base64 32"));
    }

    [Fact]
    public void One_key_for_both_purposes_is_refused() =>
        new PrivacyOptions { PseudonymKey = Good, SealingKey = Good }.Validate(new ValidationContext(this))
            .ShouldHaveSingleItem().ErrorMessage!.ShouldContain("differ");
}
