namespace Appliance.Bmc.Simulation;

/// <summary>Answers one `type` of the daemon's query grammar.</summary>
internal delegate ValueTask<BoardAnswer> BoardCallHandler(BoardQuery query, CancellationToken token);
