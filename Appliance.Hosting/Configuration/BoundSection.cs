namespace Appliance.Hosting.Configuration;

/// <summary>Marks in the services that a section is bound to its options already.</summary>
internal sealed record BoundSection(string Path, Type Type);
