namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>Kafka's rule for topic names, which also makes every name a safe folder name.</summary>
internal static class TopicName
{
    private const int MaxLength = 249;

    public static string? Reject(string name)
    {
        if (name.Length == 0)
            return "Topic name is invalid: the empty string is not allowed";
        if (name is "." or "..")
            return "Topic name is invalid: '.' or '..' is not allowed";
        if (name.Length > MaxLength)
            return $"Topic name is invalid: it is longer than {MaxLength} characters";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return $"Topic name is invalid: it contains a character other than ASCII alphanumerics, '.', '_' and '-'";
        }

        return null;
    }
}
