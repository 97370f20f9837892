namespace Appliance.Logger.Tests.Fanout;

/// <summary>A real mosquitto_sub.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private const string Mark = "MESSAGE\t";
    private readonly ToolProcess _tool;
    private readonly IAsyncEnumerator<string> _lines;
    private readonly Queue<MqttMessage> _early = [];

    private Subscriber(ToolProcess tool)
    {
        _tool = tool;
        _lines = tool.Lines.GetAsyncEnumerator();
    }

    /// <summary>Returns when the broker acknowledged the subscription; a broker that is not there yet is waited for.</summary>
    public static async Task<Subscriber> StartAsync(MqttPeer peer, string filter, params IEnumerable<string> more)
    {
        while (true)
        {
            var subscriber = Start(peer, filter, more);
            if (await subscriber.IsAnsweredAsync())
            {
                return subscriber;
            }

            await subscriber.DisposeAsync();
        }
    }

    /// <summary>Returns when the broker answered, also when it refused.</summary>
    public static async Task<Subscriber> TryStartAsync(MqttPeer peer, string filter, params IEnumerable<string> more)
    {
        var subscriber = Start(peer, filter, more);
        await subscriber.IsAnsweredAsync();
        return subscriber;
    }

    /// <summary>The next message; a minute without one ends the test.</summary>
    public async Task<MqttMessage> NextAsync() =>
        await TryNextAsync() ?? throw new InvalidOperationException("The subscriber ended before a message came.");

    /// <summary>The next message; null when the subscriber ended first.</summary>
    public async Task<MqttMessage?> TryNextAsync()
    {
        if (_early.TryDequeue(out var early))
        {
            return early;
        }

        while (await _lines.MoveNextAsync())
        {
            if (TryRead(_lines.Current, out var message))
            {
                return message;
            }
        }

        return null;
    }

    /// <summary>Reads on until the messages so far are enough.</summary>
    public async Task<IReadOnlyList<MqttMessage>> UntilAsync(Func<IReadOnlyList<MqttMessage>, bool> isEnough)
    {
        var messages = new List<MqttMessage>();
        while (!isEnough(messages))
        {
            messages.Add(await NextAsync());
        }

        return messages;
    }

    /// <summary>From here on it reads nothing, and its connection stays.</summary>
    public Task SuspendAsync() => _tool.SuspendAsync();

    /// <summary>Ends it; what it printed before can still be read.</summary>
    public Task KillAsync() => _tool.KillAsync();

    public ValueTask DisposeAsync() => _tool.DisposeAsync();

    private static bool TryRead(string line, out MqttMessage message)
    {
        string[] parts = line.StartsWith(Mark, StringComparison.Ordinal) ? line[Mark.Length..].Split('\t', 3) : [];
        message = parts.Length == 3 ? new MqttMessage(parts[1], parts[0] == "1", parts[2]) : null!;
        return message is not null;
    }

    private static Subscriber Start(MqttPeer peer, string filter, IEnumerable<string> more) => new(ToolProcess.Start(
        "mosquitto_sub", [.. peer.Arguments, "-q", "1", "-d", "-t", filter, "-F", $"{Mark}%r\t%t\t%p", .. more]));

    // Retained messages, and those of a kept session, may come before the acknowledgement (MQTT 5, 3.8.4).
    private async Task<bool> IsAnsweredAsync()
    {
        while (await _lines.MoveNextAsync())
        {
            if (TryRead(_lines.Current, out var message))
            {
                _early.Enqueue(message);
            }

            if (_lines.Current.StartsWith("Subscribed (mid: 1)", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
