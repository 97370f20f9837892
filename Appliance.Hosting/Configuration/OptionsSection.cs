namespace Appliance.Hosting.Configuration;

/// <summary>A path in the configuration and the class that it binds to.</summary>
public sealed record OptionsSection(string Path, Type Type);
