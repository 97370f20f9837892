using System.Runtime.InteropServices;

namespace Appliance.Evaluation.Windows;

/// <summary>The scores of all windows of one run.</summary>
internal sealed class WindowScores
{
    private readonly Dictionary<HostWindow, WindowScore> _scores = [];

    public ref WindowScore this[HostWindow window] => ref CollectionsMarshal.GetValueRefOrAddDefault(_scores, window, out _);

    /// <summary>Windows in which the host said something.</summary>
    public IEnumerable<HostWindow> Active => _scores.Where(pair => pair.Value.PacketsSent > 0).Select(pair => pair.Key);

    /// <summary>Windows in which the host was part of anything.</summary>
    public bool Holds(HostWindow window) => _scores.TryGetValue(window, out var score) && score.PacketsSent + score.PacketsReceived > 0;

    /// <summary>The score of the window or of the next one: silence shows only after a while, and both are early enough.</summary>
    public double Of(HostWindow window, Method method) => Math.Max(Own(window, method), Own(window.Next, method));

    private double Own(HostWindow window, Method method) => _scores.TryGetValue(window, out var score) ? score.Of(method) : 0;
}
