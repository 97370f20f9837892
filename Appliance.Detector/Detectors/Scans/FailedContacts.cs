namespace Appliance.Detector.Detectors.Scans;

/// <summary>The last 64 failed first contacts of a source, so that counts in any window up to 64 are exact.</summary>
internal sealed class FailedContacts
{
    public const int Capacity = 64;

    private const ushort FirstHighPort = 1024; // RFC 6335, section 6.

    private FailedContact[] _ring = new FailedContact[8];
    private int _next;

    /// <summary>Held now, at most <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    public void Add(in FailedContact contact)
    {
        if (Count == _ring.Length && _ring.Length < Capacity)
        {
            Grow();
        }

        _ring[_next] = contact;
        _next = (_next + 1) % _ring.Length;
        Count = Math.Min(Count + 1, _ring.Length);
    }

    public void Clear()
    {
        Count = 0;
        _next = 0;
    }

    /// <summary>0 is the newest.</summary>
    public ref readonly FailedContact Newest(int index) => ref _ring[(_next - 1 - index + (2 * _ring.Length)) % _ring.Length];

    public int CountSince(long time)
    {
        var count = 0;
        while (count < Count && Newest(count).Time >= time)
        {
            count++;
        }

        return count;
    }

    /// <summary>Distinct hosts, services and the most frequent service; quadratic in at most 64, so asked for at doublings only.</summary>
    public FailedContactSummary Summarize()
    {
        var (hosts, targets, topCount, portsOfTopHost, highPorts) = (0, 0, 0, 0, 0);
        Service top = default;
        for (var i = 0; i < Count; i++)
        {
            ref readonly var contact = ref Newest(i);
            var (sameService, portsOfHost, hostSeen, targetSeen) = (0, 0, false, false);
            for (var j = 0; j < Count; j++)
            {
                ref readonly var other = ref Newest(j);
                sameService += other.Service == contact.Service ? 1 : 0;
                portsOfHost += other.Host == contact.Host ? 1 : 0;
                hostSeen |= j < i && other.Host == contact.Host;
                targetSeen |= j < i && other.Host == contact.Host && other.Service == contact.Service;
            }

            hosts += hostSeen ? 0 : 1;
            targets += targetSeen ? 0 : 1;
            highPorts += contact.Service.Port >= FirstHighPort ? 1 : 0;
            portsOfTopHost = Math.Max(portsOfTopHost, portsOfHost);
            if (sameService > topCount)
            {
                (topCount, top) = (sameService, contact.Service);
            }
        }

        return new FailedContactSummary(targets, hosts, top, topCount, portsOfTopHost, highPorts);
    }

    private void Grow()
    {
        var larger = new FailedContact[Math.Min(Capacity, _ring.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            larger[Count - 1 - i] = Newest(i);
        }

        _ring = larger;
        _next = Count;
    }
}
