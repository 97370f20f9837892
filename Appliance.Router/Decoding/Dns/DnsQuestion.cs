namespace Appliance.Router.Decoding.Dns;

/// <summary>What is asked for: a name, and a type by its IANA number.</summary>
public sealed record DnsQuestion(string Name, ushort Type);
