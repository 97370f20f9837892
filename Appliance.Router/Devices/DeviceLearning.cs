namespace Appliance.Router.Devices;

/// <summary>Adds what was observed to what is known of a device, within bounds.</summary>
internal static class DeviceLearning
{
    // A host with IPv6 privacy addresses makes a new one each day and keeps a week of them (RFC 8981, 3.5).
    public const int MaxAddresses = 24;

    // A hub announces some 10 services; what tells more is likely to make them up.
    public const int MaxTraitsPerSource = 16;

    /// <summary>The device as it is known then; whether there is more news in it than that it was seen.</summary>
    public static (Device Device, bool IsNews) Apply(Device device, Observation observation)
    {
        if (observation.Condition != 0 && !device.Has(observation.Condition))
        {
            return (device, false);
        }

        var time = DeviceTime.Of(observation.Time);
        var seen = Seen(device, time);
        var addresses = observation.Address == 0 ? seen.Addresses : WithAddress(seen.Addresses, observation.Address, time);
        var traits = observation.Trait is null ? seen.Traits : WithTrait(seen.Traits, observation.Trait);
        var isNews = traits != seen.Traits || (observation.Address != 0 && !device.Has(observation.Address));
        var learned = seen with { Addresses = addresses, Traits = traits };
        return (isNews ? Judge(learned) : learned, isNews);
    }

    public static Device Seen(Device device, DateTimeOffset time) => time > device.LastSeen ? device with { LastSeen = time } : device;

    /// <summary>Tells anew what kind of device it is.</summary>
    public static Device Judge(Device device) => device with { Kind = DeviceKinds.Of(device) };

    // The newest first; the one unseen for longest goes when there are too many.
    private static IReadOnlyList<DeviceAddress> WithAddress(IReadOnlyList<DeviceAddress> known, UInt128 address, DateTimeOffset time)
    {
        if (known.FirstOrDefault(entry => entry.Address == address) is { } old)
        {
            return time <= old.LastSeen ? known : [.. known.Select(entry => entry == old ? old with { LastSeen = time } : entry)];
        }

        var kept = known.Count < MaxAddresses ? known : [.. known.Except([known.MinBy(entry => entry.LastSeen)!])];
        return [new DeviceAddress(address, time, time), .. kept];
    }

    private static IReadOnlyList<DeviceTrait> WithTrait(IReadOnlyList<DeviceTrait> known, DeviceTrait trait)
    {
        if (known.Contains(trait))
        {
            return known;
        }

        var ofSource = known.Where(entry => entry.Source == trait.Source).ToList();
        var kept = ofSource.Count < MaxTraitsPerSource ? known : [.. known.Except([ofSource[0]])];
        return [.. kept, trait];
    }
}
