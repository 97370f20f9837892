namespace Appliance.Bmc.Slots;

/// <summary>What a console printed since the output before; with a gap where some was lost between them.</summary>
internal sealed record ConsoleOutput(string Text, bool HasGap);
