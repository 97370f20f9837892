namespace Appliance.Router.Flows;

/// <summary>What the moments of one direction are taken from once somebody asks: most events are told without.</summary>
internal readonly record struct FlowSpread(long FirstTime, long LastTime, ulong SizeSquares, double GapSpread);
