using Appliance.Hosting.Health;

namespace Appliance.Logger.Site;

/// <summary>One part of a role, for example "capture"; the text says what is missing.</summary>
internal sealed record NodePart(string Name, PartState State, string Text, DateTimeOffset ChangeTime);
