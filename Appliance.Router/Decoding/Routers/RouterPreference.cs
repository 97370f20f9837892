namespace Appliance.Router.Decoding.Routers;

/// <summary>How gladly a router wants to be the default one (RFC 4191, 2.1); the reserved value counts as medium.</summary>
public enum RouterPreference : byte
{
    None,
    Low,
    Medium,
    High,
}
