using Appliance.Detector.Models;
using Appliance.Hosting.Errors;

namespace Appliance.Fuzzing.Targets;

/// <summary>Model files, which an administrator uploads: read whole, or refused by name.</summary>
internal sealed class ModelTarget : IFuzzTarget
{
    public string Name => "models";

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            _ = OnnxReader.Read(input, "input");
        }
        catch (InvalidInputException)
        {
            // The refusal.
        }
    }

    public IEnumerable<byte[]> Seeds() => [ShippedModel.Read()];
}
