namespace Appliance.Router.Nftables;

/// <summary>The sockets and children by which this process changes the kernel's firewall.</summary>
internal sealed class OwnChanges
{
    // A notice comes within moments of its change; process numbers come round after 32768 at the soonest.
    private const int MaxChildren = 64;

    private readonly Lock _turn = new();
    private readonly HashSet<uint> _sockets = [];
    private readonly Queue<uint> _children = new();

    public void AddSocket(uint port)
    {
        lock (_turn)
        {
            _sockets.Add(port);
        }
    }

    public void AddChild(int processId)
    {
        lock (_turn)
        {
            if (_children.Count == MaxChildren)
            {
                _children.Dequeue();
            }

            _children.Enqueue((uint)processId);
        }
    }

    /// <summary>By the port of the socket that a change came from, and the process behind it.</summary>
    /// <remarks>The kernel names a socket that asks for no port after its process, as seen from there; the process number is that of the outermost namespace.</remarks>
    public bool Made(uint port, uint processId)
    {
        lock (_turn)
        {
            return _sockets.Contains(port) || _children.Contains(port) || _children.Contains(processId);
        }
    }
}
