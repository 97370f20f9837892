namespace Appliance.Router.Devices;

/// <summary>Something that a device has said of itself, and where; names are traits too.</summary>
public sealed record DeviceTrait(TraitSource Source, string Text)
{
    public bool IsName => Source is TraitSource.DhcpName or TraitSource.MdnsName or TraitSource.LeaseName;
}
