using System.Runtime.InteropServices;

namespace Appliance.Benchmarks.Live;

/// <summary>What <see cref="PacedProgram"/> goes by, and what it has done, in memory shared with it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Pace
{
    /// <summary>When the first frame was due, in nanoseconds.</summary>
    public long Start;

    /// <summary>Frames a second.</summary>
    public long Rate;

    /// <summary>Frames due in all.</summary>
    public long Wanted;

    /// <summary>Frames sent, and those left out as they were too late.</summary>
    public long Turns;

    public long Sent;

    /// <summary>When the last one was sent, in nanoseconds from the start.</summary>
    public long Last;
}
