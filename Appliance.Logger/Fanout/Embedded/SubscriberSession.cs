using System.Collections;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>What the broker knows of one session: whose it is, and how far behind.</summary>
internal sealed class SubscriberSession(string owner)
{
    private int _unacknowledged;
    private int _told;
    private volatile bool _lagging;

    /// <summary>The identity of the certificate that began it.</summary>
    public string Owner => owner;

    /// <summary>Messages that were sent and not acknowledged.</summary>
    public int Unacknowledged => Volatile.Read(ref _unacknowledged);

    /// <summary>True while nobody waits for it any more.</summary>
    public bool IsLagging
    {
        get => _lagging;
        set => _lagging = value;
    }

    public static void Begin(IDictionary items, string owner) => items[typeof(SubscriberSession)] = new SubscriberSession(owner);

    public static SubscriberSession? Of(IDictionary items) => items[typeof(SubscriberSession)] as SubscriberSession;

    public int Sent() => Interlocked.Increment(ref _unacknowledged);

    public void Acknowledged() => Interlocked.Decrement(ref _unacknowledged);

    /// <summary>All that was not acknowledged is sent again.</summary>
    public void Reconnected()
    {
        Volatile.Write(ref _unacknowledged, 0);
        _lagging = false;
    }

    /// <summary>True once a session: so that one client cannot fill the log.</summary>
    public bool IsFirstFault() => Interlocked.Exchange(ref _told, 1) == 0;
}
