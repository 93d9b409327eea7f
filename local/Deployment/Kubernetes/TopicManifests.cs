using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Deployment.Kubernetes;

/// <summary>The topic catalogue as Strimzi resources.</summary>
internal static class TopicManifests
{
    /// <summary>The Kafka resource of k8s/base.</summary>
    private const string Cluster = "kafka";

    /// <summary>A KafkaTopic for each topic. Replicas are left to the cluster's default, which an overlay decides.</summary>
    /// <param name="multiple">By how much there are to be more partitions than the catalogue says.</param>
    public static string Of(IEnumerable<Topic> topics, int multiple)
    {
        var command = multiple == 1 ? "./commerce k8s topics" : string.Create(CultureInfo.InvariantCulture, $"./commerce k8s topics --partitions-multiple {multiple}");
        var yaml = new StringBuilder(GeneratedFiles.Header(command, "schemas/topics.json"));
        foreach (var topic in topics)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"""
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaTopic
                metadata:
                  name: {topic.Name}
                  labels:
                    strimzi.io/cluster: {Cluster}
                    app.kubernetes.io/part-of: commerce-streaming
                  annotations:
                    commerce-streaming/owner: {topic.Owner}
                    commerce-streaming/value: {topic.ValueSchema.Fullname}
                    commerce-streaming/pii: {topic.Pii}
                spec:
                  partitions: {topic.PartitionsAt(multiple)}
                  config:
                    cleanup.policy: {topic.CleanupPolicy}

                """);
            if (topic.Retention is { } retention)
                yaml.Append(CultureInfo.InvariantCulture, $"    retention.ms: {(long)retention.TotalMilliseconds}\n");
        }
        return yaml.ToString();
    }
}
