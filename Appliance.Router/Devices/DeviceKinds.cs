namespace Appliance.Router.Devices;

/// <summary>Tells what a device seems to be from what it says of itself, with the reasons.</summary>
internal static class DeviceKinds
{
    public static DeviceKind Of(Device device)
    {
        var traits = device.Vendor.Length == 0 ? device.Traits : [.. device.Traits, new DeviceTrait(TraitSource.Vendor, device.Vendor)];
        var best = traits
            .SelectMany(trait => KindRules.All.Where(rule => Holds(rule, trait)).Select(rule => (Rule: rule, Trait: trait)))
            .GroupBy(match => match.Rule.Kind)
            .OrderByDescending(Weigh)
            .ThenBy(matches => matches.Key, StringComparer.Ordinal)
            .FirstOrDefault();
        return best is null ? DeviceKind.Unknown : new DeviceKind(best.Key, [.. best.Select(match => Say(match.Trait)).Distinct()]);
    }

    // One source that says the same three times is still one source; a lease has the name that its client asked with.
    private static int Weigh(IEnumerable<(KindRule Rule, DeviceTrait Trait)> matches) =>
        matches.GroupBy(match => match.Rule.Source is TraitSource.LeaseName ? TraitSource.DhcpName : match.Rule.Source).Sum(source => source.Max(match => match.Rule.Weight));

    private static bool Holds(KindRule rule, DeviceTrait trait) => rule.Source == trait.Source
        && (trait.IsName ? Words(trait.Text).Contains(rule.Word, StringComparer.OrdinalIgnoreCase) : trait.Text.Contains(rule.Word, StringComparison.OrdinalIgnoreCase));

    // "Front-Door-Cam2" is front, door and cam; "campus" is no cam.
    private static IEnumerable<string> Words(string name)
    {
        for (var start = 0; start < name.Length;)
        {
            var length = name.AsSpan(start).IndexOfAnyExceptLetter();
            if (length > 0)
            {
                yield return name.Substring(start, length);
            }

            start += length + 1;
        }
    }

    private static int IndexOfAnyExceptLetter(this ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsLetter(text[length]))
        {
            length++;
        }

        return length;
    }

    private static string Say(DeviceTrait trait) => trait.Source switch
    {
        TraitSource.Vendor => $"made by {trait.Text}",
        TraitSource.DhcpName => $"asks DHCP for an address as '{trait.Text}'",
        TraitSource.LeaseName => $"has its address as '{trait.Text}'",
        TraitSource.DhcpVendorClass => $"DHCP vendor class '{trait.Text}'",
        TraitSource.DhcpServer => "gives addresses by DHCP",
        TraitSource.MdnsName => $"named '{trait.Text}' by mDNS",
        TraitSource.MdnsService => $"offers {trait.Text} by mDNS",
        TraitSource.MdnsModel => $"says by mDNS that it is a '{trait.Text}'",
        TraitSource.MdnsMaker => $"says by mDNS that '{trait.Text}' made it",
        TraitSource.HomeKitCategory => $"HomeKit {trait.Text}",
        TraitSource.SsdpDevice => $"UPnP device {trait.Text}",
        TraitSource.HttpUserAgent => $"HTTP user agent '{trait.Text}'",
        _ => trait.Text,
    };
}
