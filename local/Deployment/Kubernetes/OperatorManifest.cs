using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Deployment.Kubernetes;

/// <summary>The operator's user as a Strimzi resource.</summary>
internal static class OperatorManifest
{
    public static string Of(IReadOnlyCollection<Topic> topics)
    {
        var yaml = new StringBuilder(GeneratedFiles.Header("./commerce k8s topics", "schemas/topics.json")).Append("""
            # Of whoever sees to dead letters with `./commerce dlq` and `unseal` (docs/dead-letters.md).
            apiVersion: kafka.strimzi.io/v1
            kind: KafkaUser
            metadata:
              name: commerce-operator
              labels:
                strimzi.io/cluster: kafka
            spec:
              authentication:
                type: scram-sha-512
              authorization:
                type: simple
                acls:

            """);
        foreach (var right in OperatorRights.Of(topics))
        {
            yaml.Append(CultureInfo.InvariantCulture, $"      - resource: {{ type: {right.Resource}, name: {right.Name}, patternType: literal }}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"        operations: [{string.Join(", ", right.Operations)}]\n");
        }

        return yaml.ToString();
    }
}
