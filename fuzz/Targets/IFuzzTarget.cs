namespace Appliance.Fuzzing.Targets;

/// <summary>A reader of bytes from outside.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Reads one input; every exception that leaves it is a fault.</summary>
    void Run(ReadOnlySpan<byte> input);

    /// <summary>Well-formed inputs to begin with, each at most some kilobytes.</summary>
    IEnumerable<byte[]> Seeds();
}
