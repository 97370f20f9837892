using Xunit.Sdk;
using Xunit.v3;

// One virtual machine at a time: they share two cores.
[assembly: Parallelization(Mode = ParallelMode.None)]
