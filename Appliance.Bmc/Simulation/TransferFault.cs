namespace Appliance.Bmc.Simulation;

/// <summary>Ends a transfer with the text that its status then shows.</summary>
internal sealed class TransferFault(string message) : Exception(message);
